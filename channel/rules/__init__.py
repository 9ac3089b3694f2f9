"""Pure rules of the channel itself: facts in, findings out, without database, file or clock."""
