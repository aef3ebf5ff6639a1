"""What everybody tries first: on a keyboard, of the time, in Texas, in the trades."""

# In small letters. Also when repeated, counted up or decorated to the length asked for.
WORDS = """
password passwort contrasena letmein welcome admin administrator qwerty qwertyuiop asdfghjkl asdfgh zxcvbnm 1q2w3e4r
1qaz2wsx qazwsx iloveyou monkey dragon football baseball sunshine princess superman batman trustno1 master shadow
michael jennifer login guest test testing changeme default secret abc123 abcdefghijklmnop abcdefghijklmnopqrstuvwxyz
1234567890 0123456789 9876543210 1q2w3e4r5t6y 1qaz2wsx3edc correcthorsebatterystaple thequickbrownfox texas
longhorns cowboys austin houston dallas building permit permits inspection inspector city computer internet keyboard
laptop samsung google facebook youtube whatsapp instagram netflix minecraft fortnite pokemon nintendo playstation
starwars startrek skywalker spiderman ironman avengers hogwarts harrypotter gandalf ninja hunter ranger wizard
phoenix unicorn butterfly chocolate cookie banana pineapple pepper ginger buttercup flower summer winter spring
autumn november december january february monday friday saturday weekend holiday christmas birthday freedom forever
blessed godisgood jesuschrist angel heaven family mother father brother sister daughter mybaby sweetheart babygirl
girlfriend boyfriend loveyou iloveu whatever nothing something money dollar millionaire business access enter
opensesame system server database windows apple android soccer basketball softball volleyball hockey fishing hunting
racing yankees lakers steelers packers patriots eagles raiders chelsea arsenal liverpool barcelona realmadrid
manchester mustang corvette camaro silverado chevrolet chevy toyota porsche ferrari mercedes harley charlie jessica
ashley daniel thomas jordan andrew joshua matthew anthony william robert christopher nicholas elizabeth michelle
stephanie samantha amanda nicole melissa jasmine alexander alejandro alejandra guadalupe fernando francisco gabriel
maria carlos miguel angelica purple orange yellow silver golden diamond rainbow midnight thunder lightning hurricane
tornado america patriot liberty mexico mexicano sanantonio fortworth elpaso lonestar bluebonnet alamo spurs
mavericks astros rangers texans aggies hookem plumber plumbing electric electrician contractor construction builder
carpenter concrete roofing welding princesa estrella mariposa corazon amorcito tequiero futbol contraseña asdf qwer
zxcv qweasd qazxsw 1qazxsw2 zaq12wsx zaq1xsw2 qweasdzxc poiuytrewq mnbvcxz 147258 159753 123654 112233 121212 123123
123321 11235813 31415926 27182818
"""
COMMON = WORDS.split()
# What stands for a letter where somebody is clever: p@ssw0rd.
FOR_LETTERS = str.maketrans("@4031$5!7", "aaoeissit")
