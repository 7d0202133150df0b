from made_classes import made_curves

from seviz.drawing.document import document, figures_html
from seviz.figures.classes import class_curves


def test_a_page_holds_its_figures_and_escapes_what_others_named():
    figures = figures_html([class_curves(made_curves())])
    page = document("Curves <of> me", ["a & b"], figures=figures, footer="<script>")
    assert "<h1>Curves &lt;of&gt; me</h1><p>a &amp; b</p>" in page
    assert "<footer>&lt;script&gt;</footer>" in page
    assert 'id="figure-1"' in page
    assert "Plotly.newPlot" in page
