"""A shop's questions and answers: readers of its files, what is kept of them, and where they are looked up."""
