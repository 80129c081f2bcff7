"""Fitting, calibrating and thresholding a classifier."""
