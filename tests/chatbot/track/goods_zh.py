"""Two Chinese shops, written for the tests of tracking: computers, and cars."""

from __future__ import annotations

from typing import Any

from catalog.types import Product
from tests.chatbot.track.goods import product
from tests.chatbot.track.shop import MemoryShop

_COMPUTERS: tuple[tuple[Any, ...], ...] = (
    # kind, maker, series, price, use, GB of memory, inches, processor, kg, graphics, colour, hours, GB of disk, features
    ("笔记本", "联想", "联想 - 小新", 4799, "轻薄本", 8, 14, "i5", 1.4, "集成显卡", "灰色系", 8, 256, ["背光键盘", "快充"]),
    ("笔记本", "联想", "联想 - 拯救者", 7999, "游戏本", 16, 15.6, "i7", 2.3, "独立显卡", "黑色系", 5, 512, ["背光键盘"]),
    ("笔记本", "惠普", "惠普 - 星系列", 5299, "轻薄本", 8, 14, "i5", 1.5, "集成显卡", "银色系", 9, 512, ["指纹识别", "快充"]),
    ("笔记本", "惠普", "惠普 - 暗影精灵", 8799, "游戏本", 16, 15.6, "i7", 2.4, "独立显卡", "黑色系", 5, 1024, ["双硬盘位"]),
    ("笔记本", "戴尔", "戴尔 - 灵越", 5699, "常规笔记本", 8, 15.6, "i5", 1.9, "独立显卡", "银色系", 7, 512, ["指纹识别"]),
    ("笔记本", "苹果", "MacBookAir", 8999, "轻薄本", 8, 13.3, "i5", 1.25, "核芯显卡", "银色系", 12, 256, ["指纹识别"]),
    ("笔记本", "小米", "小米 - 笔记本", 4999, "轻薄本", 8, 15.6, "i5", 1.7, "独立显卡", "灰色系", 8, 512, ["Type-c 接口"]),
    ("笔记本", "宏碁", "宏碁 - 蜂鸟", 4399, "轻薄本", 8, 14, "i5", 1.2, "集成显卡", "蓝色系", 9, 256, ["触控屏"]),
    ("台式机", "联想", "联想 - 天逸", 3599, "商用电脑", 8, 23, "i5", 7.1, "集成显卡", "黑色系", 0, 256, []),
    ("台式机", "惠普", "惠普 - 战系列", 3999, "商用电脑", 8, 21.5, "i5", 6.4, "集成显卡", "黑色系", 0, 512, []),
    ("台式机", "戴尔", "戴尔 - 成就", 4299, "商用电脑", 16, 23, "i7", 6.9, "独立显卡", "黑色系", 0, 512, []),
    ("一体机", "苹果", "iMac", 9499, "商用电脑", 8, 27, "i5", 9.4, "独立显卡", "银色系", 0, 1024, []),
)  # fmt: skip

_CARS: tuple[tuple[Any, ...], ...] = (
    # kind, maker, series, price, class, seats, fuel, litres, hp, drive, l/100km, norm, camera, cruise, power, thirst, heat, air, park
    ("SUV", "上汽大众", "途岳", 182800, "中小型", 5, "汽油", 1.4, 150, "两驱", 6.0, "国 VI", "倒车影像", "定速巡航", "一般", "一般", True, False, True),
    ("SUV", "一汽大众", "探岳", 201900, "中型", 5, "汽油", 2.0, 186, "四驱", 6.7, "国 VI", "倒车影像", "定速巡航", "较强", "一般", False, False, True),
    ("SUV", "上汽大众", "途昂", 300900, "中大型", 7, "汽油", 2.0, 220, "四驱", 8.2, "国 VI", "360 度全景影像", "自适应巡航", "较强", "一般", True, True, True),
    ("SUV", "上汽大众", "途观 L", 315800, "中型", 5, "插电式混合动力", 1.4, 150, "两驱", 1.9, "国 V", "倒车影像", "定速巡航", "较强", "省油", True, False, True),
    ("三厢车", "一汽大众", "宝来", 135000, "中小型", 5, "汽油", 1.5, 113, "两驱", 5.7, "国 VI", "无", "定速巡航", "一般", "省油", False, False, False),
    ("三厢车", "上汽大众", "帕萨特", 237900, "中型", 5, "汽油", 2.0, 186, "两驱", 6.3, "国 VI", "倒车影像", "自适应巡航", "较强", "一般", True, False, True),
    ("两厢车", "一汽大众", "高尔夫", 147200, "中小型", 5, "汽油", 1.2, 116, "两驱", 5.6, "国 VI", "无", "定速巡航", "一般", "省油", False, False, False),
    ("两厢车", "上汽大众", "POLO", 109900, "小型", 5, "汽油", 1.5, 113, "两驱", 5.5, "国 VI", "无", "定速巡航", "一般", "省油", False, False, False),
    ("MPV", "进口大众", "夏朗", 274800, "中大型", 7, "汽油", 2.0, 220, "两驱", 7.9, "国 V", "倒车影像", "定速巡航", "较强", "一般", True, True, True),
    ("MPV", "上汽大众", "途安 L", 177800, "中小型", 7, "汽油", 1.4, 150, "两驱", 6.1, "国 VI", "倒车影像", "定速巡航", "一般", "一般", False, False, True),
)  # fmt: skip


def computers() -> MemoryShop:
    return MemoryShop((_computer(n, *row) for n, row in enumerate(_COMPUTERS, 1)), "CNY", "zh")


def cars() -> MemoryShop:
    return MemoryShop((_car(n, *row) for n, row in enumerate(_CARS, 1)), "CNY", "zh")


def _computer(n: int, kind: str, brand: str, series: str, price: float, use: str, *rest: Any) -> Product:
    memory, inches, processor, weight, graphics, colour, hours, disk, features = rest
    slots: dict[str, Any] = {
        "用途": use, "系列": series, "内存": (memory, "GB"), "屏幕尺寸": (inches, "英寸"), "处理器": processor,
        "操作系统": "MacOS" if brand == "苹果" else "Windows10", "重量": (weight, "kg"), "显卡类型": graphics,
        "颜色": colour, "硬盘": (disk, "GB"), "特点": features,
    } | ({"续航": (hours, "小时")} if hours else {})  # fmt: skip
    return product(f"pc{n}", kind, f"{series} {inches} 第{n}代", brand, price, currency="CNY", **slots)


def _car(n: int, kind: str, brand: str, series: str, price: float, size: str, *rest: Any) -> Product:
    names = ("座位数", "能源类型", "排量(L)", "马力", "驱动", "油耗(L/100km)", "排放标准", "影像", "巡航", "动力水平", "油耗水平",
             "座椅加热", "座椅通风", "自动泊车")  # fmt: skip
    slots: dict[str, Any] = {"车系": series, "级别": size} | dict(zip(names, rest, strict=True))
    return product(f"car{n}", kind, f"{series} {size}版", brand, price, currency="CNY", **slots)
