import shutil

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from sendthemes.errors import ModelError
from sendthemes.language import model


def test_the_installed_model_is_the_known_one() -> None:
    model.verify(model.model_path())


def test_only_the_asked_components_are_loaded() -> None:
    assert model.load_pipeline().pipe_names == []
    assert model.load_pipeline(("tok2vec", "tagger")).pipe_names == ["tok2vec", "tagger"]


def test_a_senter_that_is_asked_for_is_switched_on() -> None:
    assert "senter" in model.load_pipeline(("tok2vec", "senter")).pipe_names


def test_every_changed_or_missing_file_is_named(tmp_path) -> None:
    folder = tmp_path / "model"
    shutil.copytree(model.model_path(), folder)
    (folder / "tagger/cfg").write_text("{}")
    (folder / "tokenizer").unlink()
    with pytest.raises(ModelError) as caught:
        model.verify(folder)
    assert [problem.where.removeprefix(str(folder) + "/") for problem in caught.value.problems] == [
        "tagger/cfg",
        "tokenizer",
    ]
    assert all("pip install" in problem.remedy for problem in caught.value.problems)


def test_a_missing_model_says_what_to_install(monkeypatch) -> None:
    monkeypatch.setattr(model, "PACKAGES", ("no_such_model",))
    with pytest.raises(ModelError, match="pip install"):
        model.model_path.__wrapped__()


def test_another_version_of_the_model_is_refused(tmp_path) -> None:
    with pytest.raises(ModelError, match=r"3\.8\.0"):
        model.verify(tmp_path / "en_core_web_sm-3.7.0")


def test_an_unknown_component_is_refused_by_name() -> None:
    with pytest.raises(ValueError, match="coreference"):
        model.load_pipeline(("coreference",))


def test_the_fingerprint_is_stable() -> None:
    assert model.model_fingerprint() == model.model_fingerprint()
    assert len(model.model_fingerprint()) == 64


@settings(max_examples=150, deadline=None)
@given(
    st.text(st.sampled_from("abcDEst .,;:!?()'’-–/&£1290_@…*\n") | st.characters(exclude_categories=["Cs"]))
)
@example("don't a.m. 12:30pm http://www.a.b/c?d x@y.com U.K. :-) O'Neil's")
def test_the_tokenizer_alone_cuts_as_the_pipeline_does(text) -> None:
    alone, whole = model.load_tokenizer()(text), model.load_pipeline().make_doc(text)
    assert [(token.text, token.idx) for token in alone] == [(token.text, token.idx) for token in whole]


def test_the_rules_are_the_tokenizers() -> None:
    assert model.tokenizer_rules() == set(model.load_tokenizer().rules)
