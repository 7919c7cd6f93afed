"""What the model is held against: published facts, their experiments, and the calibration of free coefficients."""
