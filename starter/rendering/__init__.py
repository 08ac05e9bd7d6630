"""How results look for people: tables and lines, in a time zone that is always named."""
