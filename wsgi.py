"""What a web server loads: `wsgi:app`."""

from tracker import create_app

app = create_app()
