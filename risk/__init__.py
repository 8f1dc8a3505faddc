"""How dangerous it is: levels, reviews, crimes, suspects."""
