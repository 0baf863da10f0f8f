"""A model of fixed speed to measure against: what it answers, what it counts, and the server it answers from."""
