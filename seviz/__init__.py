"""seviz: open up a Squeeze-and-Excitation network and watch it think."""
