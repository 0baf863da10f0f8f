"""Values about products: constraints read back as written, prices and facts are the record's."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from catalog.derive import Derived
from catalog.types import Constraint, Fact, Inferred, Money, Op, Order, Product, Quantity, UnitPrice, Variant

_numbers = st.floats(allow_nan=False, allow_infinity=False, width=32).map(float)
_texts = st.text(min_size=1, max_size=20)
_scalars = st.one_of(_numbers, st.booleans(), _texts)
_slots = st.text(min_size=1, max_size=12)


@st.composite
def constraints(draw: st.DrawFn) -> Constraint:
    op = draw(st.sampled_from(list(Op)))
    if op in (Op.IN, Op.NOT_IN):
        return Constraint(draw(_slots), op, tuple(draw(st.lists(_scalars, min_size=1, max_size=3))))
    return Constraint(draw(_slots), op, draw(_scalars))


@given(constraints())
def test_a_written_constraint_reads_back_equal(constraint: Constraint) -> None:
    assert Constraint.parse(str(constraint)) == constraint


@given(_numbers, st.sampled_from(["kg", "GB", "USD", "英寸", "cm"]), st.sampled_from(["<", "<=", ">", ">=", "=", "!="]))
def test_a_number_keeps_its_unit(number: float, unit: str, op: str) -> None:
    constraint = Constraint("weight", Op(op), number, unit)
    assert Constraint.parse(str(constraint)) == constraint


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("price <= 30", Constraint("price", Op.LE, 30.0)),
        ("price<=30", Constraint("price", Op.LE, 30.0)),
        ("brand = HP", Constraint("brand", Op.EQ, "HP")),
        ("brand in [HP, Case Logic]", Constraint("brand", Op.IN, ("HP", "Case Logic"))),
        ("brand not in [HP]", Constraint("brand", Op.NOT_IN, ("HP",))),
        ("weight <= 1.4 kg", Constraint("weight", Op.LE, 1.4, "kg")),
        ("touchscreen = true", Constraint("touchscreen", Op.EQ, True)),
        ("内存 = 16GB", Constraint("内存", Op.EQ, "16GB")),
        ("排量(L) != 1.5", Constraint("排量(L)", Op.NE, 1.5)),
    ],
)
def test_people_write_constraints_like_this(text: str, expected: Constraint) -> None:
    assert Constraint.parse(text) == expected


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("cheap", "not a constraint: 'cheap' (write SLOT OP VALUE, for example: price <= 30)"),
        ("price <=", "no value in 'price <='"),
        ("brand in HP", "in needs a list in brackets: 'brand in HP'"),
    ],
)
def test_what_is_no_constraint_is_said_clearly(text: str, message: str) -> None:
    with pytest.raises(ValueError) as raised:
        Constraint.parse(text)
    assert str(raised.value) == message


def test_a_list_goes_with_in_alone() -> None:
    with pytest.raises(ValueError, match="= does not go with"):
        Constraint("brand", Op.EQ, ("HP", "Dell"))
    with pytest.raises(ValueError, match="in does not go with"):
        Constraint("brand", Op.IN, "HP")


def test_numbers_in_constraints_are_finite() -> None:
    with pytest.raises(ValueError, match="finite"):
        Constraint("price", Op.LE, float("inf"))


def test_an_order_is_written_plainly() -> None:
    assert str(Order("price", "asc")) == "price asc"


def _variant(id: str, amount: float, stock: int | None) -> Variant:
    return Variant(id, Money(amount, "USD"), stock)


@pytest.mark.parametrize(
    ("variants", "expected"),
    [
        ((_variant("a", 30, 2), _variant("b", 20, 1)), Money(20, "USD")),
        ((_variant("a", 30, 2), _variant("b", 20, 0)), Money(30, "USD")),
        ((_variant("a", 30, 0), _variant("b", 20, 0)), Money(20, "USD")),
        ((_variant("a", 30, None),), Money(30, "USD")),
        ((Variant("a"),), None),
    ],
)
def test_the_price_is_the_lowest_in_stock(variants: tuple[Variant, ...], expected: Money | None) -> None:
    assert Product("p", "Chair", variants).price == expected


def test_facts_are_all_that_the_record_states() -> None:
    variant = Variant("p-1", Money(49.5, "EUR"), 3, {"colour": ("Navy",)})
    product = Product(
        "p",
        "Desk lamp",
        (variant,),
        brand="Lumo",
        category=("Home", "lamp"),
        rating=4.5,
        attributes={"height": (Quantity(40, 40, "cm", "40 cm"),), "reach": (Quantity(1, 2, "m", "1-2 m"),)},
    )
    assert product.facts(variant) == (
        Fact("title", "Desk lamp"),
        Fact("price", 49.5, "EUR"),
        Fact("brand", "Lumo"),
        Fact("category", "lamp"),
        Fact("rating", 4.5),
        Fact("availability", "in stock"),
        Fact("height", 40, "cm"),
        Fact("reach", "1-2 m", "m"),
        Fact("colour", "Navy"),
    )


@pytest.mark.parametrize(
    ("variant", "gone"),
    [
        (Variant("1"), False),
        (Variant("1", stock=0), True),
        (Variant("1", stock=3, availability="out of stock"), False),
        (Variant("1", availability="out_of_stock"), True),
        (Variant("1", availability="in stock"), False),
        (Variant("1", availability="已售完"), True),
    ],
)
def test_a_variant_is_sold_out_by_its_stock_else_by_its_words(variant: Variant, gone: bool) -> None:
    assert variant.sold_out is gone


def test_a_product_is_sold_out_when_all_that_say_so_are() -> None:
    one, other = Variant("1", stock=0), Variant("2", stock=1)
    assert not Product("p", "Mug", (one, other)).sold_out()
    assert Product("p", "Mug", (one, other)).sold_out(one)
    assert Product("p", "Mug", (Variant("1"),), availability="Sold out").sold_out()


def test_an_inferred_value_is_a_fact_when_it_is_sure() -> None:
    sure, doubtful = Inferred(("red",), "title", 0.95), Inferred(("oak",), "description", 0.6)
    product = Product("p", "Red mug", (Variant("p"),), inferred={"colour": sure, "material": doubtful})
    assert product.certain == {"colour": ("red",)}
    assert product.facts() == (Fact("title", "Red mug"), Fact("colour", "red"))


def test_what_was_derived_reads_back() -> None:
    cells = (Quantity(16, 16, "GB", "16 GB"), "red", True)
    derived = Derived(("kitchen", "mug"), {"memory": Inferred(cells, "title", 0.91)})
    assert Derived.read(derived.write()) == derived
    assert Derived.read(Derived().write()) == Derived()


def test_a_sale_and_a_unit_price_are_facts_of_the_option() -> None:
    jar = Variant("1", Money(3.0, "EUR"), was=Money(4.0, "EUR"), unit_price=UnitPrice(Money(12.0, "EUR"), 1.0, "kg"))
    assert Product("p", "Jam", (jar,), adult=True, tax="incl. VAT").facts(jar) == (
        Fact("title", "Jam"),
        Fact("price", 3.0, "EUR"),
        Fact("on_sale", True),
        Fact("list_price", 4.0, "EUR"),
        Fact("unit_price", 12.0, "EUR"),
        Fact("tax", "incl. VAT"),
        Fact("adult", True),
    )
