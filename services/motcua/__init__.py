"""The operator's command line, the local runner and the sample of Lai Châu."""
