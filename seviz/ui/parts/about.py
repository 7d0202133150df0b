"""What seviz is, in a minute: for people who come to the page for the first time."""

from markupsafe import Markup

ABOUT = Markup(
    """<div class="about">
<h2>What is seviz?</h2>
<p>It opens up a neural network with Squeeze-and-Excitation (SE) blocks on your photograph: what
each block measured, which channels it let through, and what the network would have answered
without its gates.</p>
<h2>What is an SE block?</h2>
<p>A convolutional network describes a photograph by channels: maps of where each of its filters
responds. An SE block averages each map to one number (the squeeze, z), and two small layers turn
these numbers into one gate for each channel (the excitation, s). Each channel is multiplied by its
gate, so that the network emphasises some channels and holds others back, for each photograph
anew.</p>
<h2>What are z and s?</h2>
<dl>
<dt>squeeze</dt><dd>The first step: each channel's map is averaged over all positions.</dd>
<dt>z</dt><dd>What the squeeze keeps, the channel descriptor: one number for each channel.</dd>
<dt>excitation</dt><dd>The second step: two small layers make s from all z of the block.</dd>
<dt>s</dt><dd>The gates: one number for each channel, mostly from 0 (shut) to 1 (open).</dd>
<dt>gate</dt><dd>What a channel's map is multiplied by: its number of s.</dd>
<dt>r</dt><dd>The reduction: the first layer makes C/r numbers of the C channels, in most networks
C/16.</dd>
</dl>
<h2>Where can I learn more?</h2>
<p><a href="?page=laboratory&amp;tab=lab-learn">The guided path</a> explains the block in six steps
on your photograph, with a glossary. The article is <a href="https://arxiv.org/abs/1709.01507"
target="_blank" rel="noopener">Squeeze-and-Excitation Networks</a> by Hu, Shen, Albanie, Sun and
Wu.</p>
<h2>What happens to my photograph?</h2>
<p>It goes to the machine that serves this page and no further, and is deleted there after an hour,
with its results. “Copy link” copies an address that says which network, tab and gate you look at;
your own photograph is not in it.</p>
<h2>Licence, citation, source</h2>
<p>The code is under the MIT licence. The weights that come with it were computed from
Tiny-ImageNet-200, a subset of ImageNet, whose images are for non-commercial research; they are
offered on those terms. Networks that you choose to download have their own licences, which their
list names. How to cite seviz stands in <code>CITATION.cff</code>, and how it is built in
<code>README.md</code>: both lie beside the source (on Hugging Face, under “Files”).</p>
</div>"""
)


def about() -> Markup:
    """Say what seviz is, what SE is, where to learn, and what happens to photographs."""
    return ABOUT
