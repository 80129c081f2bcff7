"""What the name of a column hints at: an identifier, a code, a protected attribute, something known later."""

import re
import unicodedata


def _set(words: str) -> frozenset[str]:
    return frozenset(words.split())


_WORD = re.compile(r"[A-Z]+(?=[A-Z][a-z])|[A-Z]?[a-z]+|[A-Z]+")

# In English, Portuguese and Spanish; a phrase is words that stand beside each other.
PROTECTED = {
    "age": "age ages idade edad dob yob birth birthdate birthday birthyear nascimento nacimiento "
    "dateofbirth, date of birth",
    "sex": "sex gender gndr gendr gend sexo genero",
    "race": "race racial ethnic ethnicity ethnicities raca etnia etnico etnica raza cor",
    "marital status": "marital maritalstatus marriage married spouse estadocivil casado casada conjugal, civil status, "
    "estado civil, personal status",
    "nationality": "nationality citizenship citizen foreign foreigner immigrant immigration migrant nacionalidade "
    "nacionalidad naturalidade ciudadania cidadania estrangeiro estrangeira extranjero extranjera countryofbirth "
    "birthcountry birthplace placeofbirth, country of birth, birth country, place of birth, birth place, "
    "city of birth, pais de nascimento, pais nascimento, local de nascimento, pais de nacimiento, pais nacimiento, "
    "lugar de nacimiento",
    "religion": "religion religious religiao creed",
    "disability": "disability disabled handicap handicapped deficiencia deficiente discapacidad discapacitado",
    "sexual orientation": "sexual, sexual orientation",
    "pregnancy": "pregnancy pregnant gravidez embarazo embarazada",
}
# Things that have an age or a race of their own.
THINGS = _set(
    "account accounts acct loan credit car vehicle auto house home property building file history oldest "
    "newest youngest average avg bureau trade line inquiry inquiries card policy business company firm "
    "contract device conta cuenta imovel veiculo vehiculo empresa contrato residence employment job"
)
LATER = _set(
    "outcome outcomes recovery recoveries recovered chargeoff writeoff writtenoff settlement settled "
    "repaid foreclosed foreclosure delinquent collections"
)
# Days on which something ended or was paid; as a feature, such a word says little.
LATER_DAYS = _set(
    "close closed closing closure payment payments pymnt paid payoff repayment maturity matured expiry expired "
    "cancelled canceled terminated ended end due "
    "pago paga pagamento pagamentos quitado quitacao liquidado liquidacao encerrado encerramento fechamento fecho "
    "vencimento vencido cancelado cancelamento recuperacao "
    "pagado pagos cierre cerrado cancelacion vencimiento liquidacion recuperacion"
)
LATER_PHRASES = (
    "charge off",
    "charged off",
    "write off",
    "written off",
    "paid off",
    "last pymnt",
    "total pymnt",
)
CODES = _set(
    "sex gender sexo genero marital marriage civil education educacao educacion purpose type tipo kind "
    "code codigo status region city state province county country zip postal category categoria class "
    "grade segment occupation job profession housing channel product branch sector industry race "
    "ethnicity religion nationality"
)
IDS = _set(
    "id ids uuid guid key index idx identifier rowid row nr number num ref reference ssn cpf cnpj nif dni rut iban "
    "phone telephone email"
)
OWNERS = _set("customer client borrower applicant member user person cliente household account")
DECIDED = _set(
    "issue issued application applied decision decided origination originated disbursed opened open "
    "contract signed start concessao concesion solicitud pedido"
)


def words_of(name: str) -> list[str]:
    """The words of a name in snake_case or camelCase, small and without accents."""
    plain = unicodedata.normalize("NFKD", name)
    letters = "".join(letter for letter in plain if not unicodedata.combining(letter))
    return [word.lower() for word in _WORD.findall(letters)]


def protected(name: str) -> str:
    """The protected attribute that a name speaks of; empty where it speaks of none."""
    words = words_of(name)
    for attribute, listed in PROTECTED.items():  # first, for a country of birth is no age
        if any(_beside(phrase, words) for phrase in listed.split(", ")[1:]):
            return attribute
    for attribute, listed in PROTECTED.items():
        told = set(listed.split(", ")[0].split()) & set(words)
        if told and not (told <= {"age", "ages", "idade", "edad", "cor", "foreign"} and THINGS & set(words)):
            return attribute
    return ""


def known_later(name: str) -> bool:
    """Whether a name speaks of what is known only after the decision."""
    words = words_of(name)
    return bool(LATER & set(words)) or any(_beside(phrase, words) for phrase in LATER_PHRASES)


def is_later_day(name: str) -> bool:
    """Whether a date of this name is likely a day after the decision."""
    return known_later(name) or bool(LATER_DAYS & set(words_of(name)))


def is_code(name: str) -> bool:
    """Whether numbers in a column of this name are names of something rather than amounts."""
    return bool(CODES & set(words_of(name)))


def is_identifier(name: str) -> bool:
    """Whether a name speaks of an identifier."""
    return bool(IDS & set(words_of(name)))


def is_owner(name: str) -> bool:
    """Whether a name speaks of the identifier of someone who may have several rows."""
    return is_identifier(name) and bool(OWNERS & set(words_of(name)))


def is_decision(name: str) -> bool:
    """Whether a date of this name is likely the day of the decision."""
    return bool(DECIDED & set(words_of(name)))


def _beside(phrase: str, words: list[str]) -> bool:
    return f" {phrase} " in f" {' '.join(words)} "
