"""The pieces of HTML of the tab “Live”; what moves in them, `camera.js` and `drawing.js` draw."""

from markupsafe import Markup

PRIVACY = (
    "Your camera starts only with this button and stops when you leave this tab. Each frame goes "
    "to the machine that serves this page, is answered and forgotten: none is stored or logged, "
    "but for one that you open in Explore, which is kept like a photograph that you upload."
)
GATE_HELP = (
    "The selected gate s over the last 100 frames, in the network with its gates and in the one it "
    "is compared to; click a cell above, or choose a block and a channel, for another gate."
)


def camera() -> Markup:
    """Set the buttons, and the places of what a frame brings."""
    return CAMERA.format(privacy=PRIVACY, gate=GATE_HELP)


# Nothing in it is read out as it changes but the status: the answers come many times a second.
CAMERA = Markup(
    """<div class="live">
<div class="live-buttons">
<button type="button" class="live-start">Start the camera</button>
<button type="button" class="live-stop" hidden>Stop</button>
<button type="button" class="live-keep" disabled>Open this frame in Explore</button>
<span class="live-pace" aria-live="off"></span>
</div>
<p class="live-status" role="status"></p>
<p class="hint">{privacy}</p>
<div class="live-shown" hidden>
<div class="live-top">
<div class="live-picture">
<video muted playsinline aria-label="What the camera sees"></video>
<canvas role="img" aria-label="The frame that was answered last" hidden></canvas>
</div>
<div class="live-answers" aria-live="off"></div>
</div>
<p class="live-scale">Gates s of this frame, channel 0 → C−1
<span><span class="live-low"></span> <canvas width="256" height="1"></canvas>
<span class="live-high"></span></span></p>
<div class="live-atlas" role="img" aria-label="Atlas of the gates s of this frame"></div>
<p class="live-legend" aria-live="off"></p>
<svg class="live-line" viewBox="0 0 100 40" preserveAspectRatio="none" role="img"
aria-label="The selected gate over the last frames"><path class="live-grid" d="M0 0H100M0 20H100M0
40H100"></path><polyline class="live-other"></polyline><polyline
class="live-intact"></polyline></svg>
<p class="hint">{gate}</p>
</div>
</div>"""
)
