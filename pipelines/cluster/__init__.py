"""Items on their way from workers to the one writer, over a Redis stream."""
