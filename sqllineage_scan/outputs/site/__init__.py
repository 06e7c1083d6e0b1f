"""The static site: pages, data shards and the machine side of a lineage graph. ``write.py`` is its table of contents."""
