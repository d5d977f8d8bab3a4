"""Loads a bundled codebook, codes an answer and redacts it, from an installed wheel."""

import sendthemes as st

answer = "Budgets are cut again; ask Priyanka Shah at Leeds City Council, priyanka.shah@leeds.gov.uk."
answers = st.read_answers([{"id": "1", "q1": answer}], respondent="id", questions=["q1"])
coded = st.code_answers(answers, st.load_codebook("send-readiness"))
row = next(row for row in st.theme_frequencies(coded) if row["theme"] == "funding")
assert row["respondents"] == 1, row
safe = st.Redactor(key=st.PseudonymKey()).redact(answer).text
assert not any(word in safe for word in ("Priyanka", "Shah", "Leeds", "@")), safe
assert "Budgets are cut again" in safe, safe
print("the wheel loads, codes and redacts:", safe)
