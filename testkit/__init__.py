"""What tests and benchmarks share: corpora, question sets, gold annotations, hostile requests, and free ports."""
