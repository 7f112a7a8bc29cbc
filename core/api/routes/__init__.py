"""The routes, one file per subject; each parses, calls one verb and renders."""
