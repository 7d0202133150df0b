"""A trace of two blocks made by hand."""

import numpy as np

S = np.array([[0.1, 0.96, 0.5, 0.02], [0.3, 0.3, 0.3, 0.3]], np.float32)  # arms×C


Z = np.array([[1.0, -4.0, 2.0, 0.0], [1.0, 1.0, 1.0, 1.0]], np.float32)
