"""The index `opensearch+https://…`: versions in an OpenSearch cluster, which several machines ask."""
