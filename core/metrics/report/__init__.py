"""The metrics as one HTML file to hand on: no request, no script, light and dark, fit to print."""
