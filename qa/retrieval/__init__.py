"""From a search request to candidates, evidence, scored passages and answering sentences."""
