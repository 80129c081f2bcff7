import pytest

from tollgate.look.words import is_later_day, protected


@pytest.mark.parametrize(
    ("name", "attribute"),
    [
        ("age", "age"),
        ("AGE", "age"),
        ("customer_age", "age"),
        ("ageAtApplication", "age"),
        ("age_2", "age"),
        ("date_of_birth", "age"),
        ("idade", "age"),
        ("edad_cliente", "age"),
        ("fecha_nacimiento", "age"),
        ("SEX", "sex"),
        ("CODE_GENDER", "sex"),
        ("género", "sex"),
        ("race", "race"),
        ("applicant-ethnicity", "race"),
        ("raça_cor", "race"),
        ("marital", "marital status"),
        ("MARRIAGE", "marital status"),
        ("estado_civil", "marital status"),
        ("EstadoCivil", "marital status"),
        ("nacionalidade", "nationality"),
        ("nacionalidad", "nationality"),
        ("foreign_worker", "nationality"),
        ("CountryOfBirth", "nationality"),
        ("birth_country", "nationality"),
        ("país_de_nacimiento", "nationality"),
        ("gndr", "sex"),
        ("religião", "religion"),
        ("discapacidad", "disability"),
        ("deficiência", "disability"),
    ],
)
def test_a_protected_attribute_is_known_by_name(name: str, attribute: str) -> None:
    assert protected(name) == attribute


@pytest.mark.parametrize(
    "name",
    [
        "percentage",
        "agency",
        "sexagenarian",
        "usage",
        "mileage",
        "page",
        "average_balance",
        "account_age",
        "idade_conta",
        "ageOfOldestAccount",
        "estado",
        "embrace",
        "trace_id",
        "correlation",
        "decor",
        "status",
        "international",
    ],
)
def test_a_name_that_only_holds_such_a_word_is_not_taken(name: str) -> None:
    assert protected(name) == ""


@pytest.mark.parametrize(
    "name",
    ["close_date", "data_pagamento", "paidOn", "fecha_cierre", "dt_quitacao", "settled", "maturity date"],
)
def test_a_day_on_which_something_ended_is_known_by_name(name: str) -> None:
    assert is_later_day(name)
    assert not is_later_day("application_date")
