"""OpenLineage: a graph as the events of the standard (openlineage.io/spec, 2-0-2), in its client's own classes."""
