from seviz.lab.paper import PLAIN_RESNET, REPORTED, SOURCES, STANDARD
from seviz.lab.variants import STUDIES


def test_every_variant_of_every_study_has_the_articles_figure_beside_it():
    assert SOURCES.keys() == REPORTED.keys() == STUDIES.keys()
    for study, variants in STUDIES.items():
        assert tuple(REPORTED[study]) == variants


def test_the_articles_figures_as_the_article_orders_them():
    r = {variant.r: said for variant, said in REPORTED["r"].items()}
    assert [r[n].millions for n in (2, 4, 8, 16, 32)] == [45.7, 35.7, 30.7, 28.1, 26.9]
    assert min(r.values(), key=lambda said: said.top1) is r[4]
    excitation = [said.top1 for said in REPORTED["excitation"].values()]
    assert excitation == sorted(excitation) == [22.28, 23.00, 23.47]
    assert PLAIN_RESNET.top1 > STANDARD.top1
