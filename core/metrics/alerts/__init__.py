"""Alerts: rules on measures, checked in the background, told of in the app and by webhook and mail.

A rule says when a measure is bad; what is found becomes an alert with a life of its own (open,
acknowledged, resolved, open again). Always holds: nothing is sent that the operator has not set up;
what is to be sent is a row first, so that a process that dies loses none.
"""
