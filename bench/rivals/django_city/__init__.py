"""Two pages of the tracker in Django 5.2 on the same rows, as a good Django developer would write them."""
