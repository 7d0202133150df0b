"""What seviz knows about a network and an answer: frozen, on the CPU, free of torch.

Records serialise, travel through a page's state, and feed figures and exports alike.
"""
