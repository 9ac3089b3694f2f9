"""The demo world: everything in it is made up, and everything goes through the use cases."""
