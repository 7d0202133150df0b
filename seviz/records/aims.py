"""What pictures can be made for, and on what, by name."""

AIMS = (OPEN, SHUT, CHANNEL, CENTRE) = ("open", "shut", "channel", "centre")
KINDS = (FOURIER, MACO) = ("fourier", "maco")  # of the canvas (`seviz.pictures.canvas`)
TRAINED, SHUFFLED = "trained", "shuffled"  # whose weights the pictures are made with
