"""The pages of the shop's own people: the inbox and the admin page, behind one door."""
