"""What shops write in the columns of many kinds of product, and what it comes to in the unit that people compare in."""

from __future__ import annotations

import math

import pytest

from catalog.cells import parse_cell
from catalog.lexicon import Lexicon
from catalog.schema import cell_text
from catalog.types import Quantity
from catalog.units import convert, dimension_of

TABLE = """
notebook | weight | 1.4 kg | 1400 g
notebook | weight | 3.1 lbs | 1406.14 g
notebook | weight | 3 lb | 1.36078 kg
notebook | weight | 1.35公斤 | 1350 g
notebook | weight | 1500克 | 1.5 kg
notebook | screen size | 15.6 inch | 15.6 in
notebook | screen size | 15.6" | 39.624 cm
notebook | screen size | 14英寸 | 14 in
notebook | screen size | 13.3 寸 | 13.3 in
notebook | screen size | 39.6 cm | 15.5906 in
notebook | memory | 16 GB | 16384 MB
notebook | memory | 16G | 16 GB
notebook | memory | 16 gigs | 16 GB
notebook | memory | 8192 MB | 8 GB
notebook | storage | 1 TB | 1000 GB
notebook | storage | 1T | 1000 GB
notebook | storage | 512GB SSD | 512 GB
notebook | storage | 512G固态硬盘 | 512 GB
notebook | battery life | 9 hours | 540 min
notebook | battery life | 9 小时 | 9 h
notebook | battery energy | 56 Wh | 56 Wh
notebook | clock speed | 2.4 GHz | 2400 MHz
notebook | clock speed | 2400 MHz | 2.4 GHz
notebook | refresh rate | 144Hz | 144 Hz
notebook | brightness | 300 nits | 300 cd/m²
phone | battery capacity | 4500 mAh | 4.5 Ah
phone | battery capacity | 5000毫安时 | 5000 mAh
phone | megapixels | 48 MP | 48 MP
phone | megapixels | 6400万像素 | 64 MP
phone | megapixels | 1亿像素 | 100 MP
phone | weight | 180g | 180 g
phone | weight | 6.3 oz | 178.603 g
phone | thickness | 7.9 mm | 0.79 cm
phone | fast charging | 65W | 65 W
monitor | screen size | 27 in | 27 in
monitor | screen size | 27寸 | 68.58 cm
monitor | response time | 1 ms | 0.001 s
monitor | response time | 5毫秒 | 5 ms
monitor | refresh rate | 60 hertz | 60 Hz
monitor | brightness | 350 cd/m2 | 350 cd/m²
monitor | power consumption | 0.5 W | 500 mW
printer | print speed | 22 ppm | 22 ppm
printer | print speed | 30页/分钟 | 30 ppm
printer | print resolution | 1200 dpi | 1200 dpi
printer | paper weight | 80 g/m² | 80 g/m²
printer | paper weight | 80gsm | 80 g/m²
printer | noise | 52 dB(A) | 52 dB
cable | length | 2 m | 200 cm
cable | length | 6 ft | 1.8288 m
cable | length | 6-feet | 1.8288 m
cable | length | 1.5米 | 1.5 m
cable | length | 50 cm | 0.5 m
cable | length | 18 inches | 45.72 cm
cable | data rate | 10 Gbps | 10000 Mbit/s
cable | data rate | 480 Mbit/s | 0.48 Gbit/s
cable | voltage | 230V | 0.23 kV
cable | current | 3 A | 3000 mA
hard drive | capacity | 2TB | 2000 GB
hard drive | rotation speed | 7200 rpm | 7200 rpm
hard drive | rotation speed | 5400转 | 5400 rpm
hard drive | cache | 64 MB | 64 MB
kettle | volume | 1.7 l | 1700 ml
kettle | volume | 1.7升 | 1.7 l
kettle | volume | 57 fl oz | 1.6857 l
kettle | power | 2200 W | 2.2 kW
kettle | power | 2.2千瓦 | 2200 W
kettle | cable length | 75 cm | 0.75 m
shampoo | volume | 250 ml | 0.25 l
shampoo | volume | 250毫升 | 250 ml
shampoo | volume | 8.45 fl oz | 249.895 ml
shampoo | volume | 25 cl | 250 ml
shampoo | volume | 1 gallon | 3.78541 l
coffee | weight | 500g | 0.5 kg
coffee | weight | 12 oz | 340.194 g
coffee | weight | 2.2 pounds | 997.903 g
coffee | weight | 1斤 | 500 g
coffee | weight | 2两 | 100 g
coffee | weight | 250 克 | 250 g
sofa | width | 210 cm | 2.1 m
sofa | width | 84 in | 213.36 cm
sofa | width | 2.1米 | 210 cm
sofa | depth | 900 mm | 90 cm
sofa | weight | 65 kg | 143.3 lb
sofa | load | 300公斤 | 300 kg
desk | height | 72-120 cm | 720 mm
desk | height | 28.5" | 72.39 cm
desk | thickness | 25mm | 2.5 cm
desk | weight | 30 kgs | 30 kg
drill | torque | 60 N·m | 60 N·m
drill | torque | 44 ft-lb | 59.6561 N·m
drill | torque | 60牛米 | 60 N·m
drill | voltage | 18 V | 18000 mV
drill | battery capacity | 4.0 Ah | 4000 mAh
drill | diameter | 13毫米 | 1.3 cm
tyre | pressure | 35 psi | 2.41317 bar
tyre | pressure | 2.4 bar | 240 kPa
tyre | width | 205 mm | 20.5 cm
car | power | 150 hp | 111.855 kW
car | horsepower | 113马力 | 113 PS
car | displacement | 1.5L | 1500 ml
car | fuel consumption | 5.5 L/100km | 5.5 L/100km
car | fuel consumption | 6.1升/百公里 | 6.1 L/100km
car | top speed | 180 km/h | 111.847 mph
car | top speed | 110 mph | 177.028 km/h
car | weight | 1.4 t | 1400 kg
car | length | 4460毫米 | 4.46 m
lamp | power | 9W | 9 W
lamp | luminous flux | 806 lumens | 806 lm
lamp | luminous flux | 806流明 | 806 lm
lamp | colour temperature | 2700K | 2700 K
lamp | life | 15000 h | 15000 h
oven | temperature | 250°C | 482 °F
oven | temperature | 480 °F | 248.889 °C
oven | temperature | 220℃ | 220 °C
oven | volume | 71 litres | 71 l
oven | power | 3.6 kW | 3600 W
watch | diameter | 42mm | 1.65354 in
watch | battery life | 7 days | 168 h
watch | battery life | 14天 | 2 week
toy | age | 3+ years | 3 year
drill | bit length | 1 1/2 in | 38.1 mm
drill | bit length | ½ inch | 12.7 mm
drill | bit length | 2-3/4" | 69.85 mm
whisky | age | 10 year old | 10 year
toy | age | 36 months | 3 year
toy | age | 6岁以上 | 6 year
whisky | age | 12 years | 12 year
whisky | volume | 70 cl | 700 ml
warranty | warranty | 2 years | 24 month
warranty | warranty | 36个月 | 3 year
rug | area | 6 m² | 6 m²
rug | area | 60 sq ft | 5.57418 m²
rug | area | 12平方米 | 12 m²
apple | energy | 95 kcal | 397.48 kJ
ring | weight | 3.5 g | 3500 mg
server | apparent power | 1.5 kVA | 1500 VA
router | data rate | 300mbps | 300 Mbit/s
"""
ROWS = [tuple(part.strip() for part in line.split("|")) for line in TABLE.strip().splitlines()]


@pytest.mark.parametrize(("kind", "slot", "text", "result"), ROWS)
def test_what_a_shop_writes_comes_to(kind: str, slot: str, text: str, result: str) -> None:
    number, _, unit = result.partition(" ")
    (cell,) = parse_cell(text)
    assert isinstance(cell, Quantity)
    assert cell.unit is not None
    value = convert(cell.low, cell.unit, unit)
    assert value is not None
    assert math.isclose(value, float(number), rel_tol=1e-4), value
    assert cell_text(cell) == text, "shown as the shop wrote it"
    concept = Lexicon.default().concept_of_header(slot)
    assert concept is None or concept.dimension in (None, dimension_of(unit))


def test_the_table_covers_many_kinds() -> None:
    assert len(ROWS) >= 120
    assert len({kind for kind, *_ in ROWS}) >= 15
    assert sum(not text.isascii() for _, _, text, _ in ROWS) >= 30
