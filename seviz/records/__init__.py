"""Frozen records of networks and answers, as NumPy arrays: no module here imports torch.

Records can be serialised and stored in a page's state; figures and exports are made from them.
"""
