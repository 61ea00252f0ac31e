"""A request to candidates, evidence, scored passages and the sentences that answer."""
