from seviz.nets.variants import PLAIN, STUDIES, Variant
from seviz.study.paper import PLAIN_RESNET, REPORTED, SOURCES, STANDARD


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


def test_parameters_are_those_of_the_articles_tables():
    reported = {v.key: said.millions for study in REPORTED.values() for v, said in study.items()}
    known = {key: millions for key, millions in reported.items() if millions is not None}
    assert known["lab_resnet"] == known["lab_resnet_stage2"] == 25.6
    assert known["lab_resnet_3x3"] < known["lab_resnet_stage4"] < known["lab_resnet_se"] == 28.1
    # as many as with a squeeze: the projections are the same
    assert known["lab_resnet_nosqueeze"] == known["lab_resnet_se"]


def test_the_gains_in_brackets_of_table_2():
    hosts = REPORTED["host"]
    pairs = [(Variant(host, PLAIN), Variant(host)) for host in ("vgg", "inception", "resnet")]
    gains = [
        (round(hosts[plain].top1 - hosts[se].top1, 2), round(hosts[plain].top5 - hosts[se].top5, 2))
        for plain, se in pairs
    ]
    assert gains == [(1.80, 1.11), (1.15, 0.75), (1.51, 0.86)]
