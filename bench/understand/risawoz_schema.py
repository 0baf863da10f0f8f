"""X-RiSAWOZ's labels and the columns that mean the same: the shops' own, and those of the shop made up for the rest.

Knows names only: no value, no word of a shopper.
"""

from __future__ import annotations

from collections.abc import Mapping

SHOPS: Mapping[str, str] = {"pc": "computers-zh", "car": "cars-zh"}

# a shop's columns -> labels
SHOP_COLUMNS: Mapping[str, Mapping[str, str]] = {
    "pc": {
        "brand": "brand",
        "category": "computer_type",
        "类型": "computer_type",
        "用途": "usage",
        "内存": "memory_capacity",
        "屏幕尺寸": "screen_size",
        "处理器": "CPU",
        "price": "pricerange",
        "系列": "series",
        "操作系统": "operating_system",
        "游戏性能": "game_performance",
        "处理器型号": "CPU_model",
        "重量": "weight",
        "显卡类型": "GPU_category",
        "显卡型号": "GPU_model",
        "特点": "features",
        "颜色": "colour",
        "续航": "standby_time",
        "硬盘": "hard_disk_capacity",
    },
    "car": {
        "brand": "brand",
        "category": "classification",
        "车型": "classification",
        "级别": "size",
        "座位数": "number_of_seats",
        "能源类型": "hybrid",
        "排量(L)": "engine_displacement(L)",
        "马力": "engine_horsepower(Ps)",
        "驱动": "4WD",
        "油耗(L/100km)": "comprehensive_fuel_consumption(L/100km)",
        "排放标准": "environmental_standards",
        "影像": "parking_assist_system",
        "自动泊车": "parking_assist_system",
        "巡航": "cruise_control_system",
        "车系": "series",
        "动力水平": "power_level",
        "油耗水平": "fuel_consumption",
        "座椅加热": "heated_seats",
        "座椅通风": "ventilated_seats",
        "price": "pricerange",
    },
}

# What a thing's own name is labelled.
NAME: Mapping[str, str] = {
    "pc": "product_name",
    "car": "name",
    "attraction": "name",
    "hotel": "name",
    "restaurant": "name",
}

# Labels of yes and no; a column with values of its own is a yes for any of YES.
YES_NO = frozenset(
    {"metro_station", "parking_assist_system", "cruise_control_system", "heated_seats", "ventilated_seats"}
)
YES = frozenset({"是", "有", "支持", "true", "True", "倒车影像", "定速巡航", "360 度全景影像", "自适应巡航"})

RANGES = frozenset({"pricerange", "standby_time", "weight"})  # all other numbers are labelled as plain amounts
CARS_COUNT_IN = 1e4  # prices of cars are labelled in 万

# The other domains: what a shop would call the kind of thing, and its columns.
KINDS: Mapping[str, str] = {
    "attraction": "景点",
    "hotel": "酒店",
    "restaurant": "餐厅",
    "train": "火车",
    "flight": "飞机",
    "weather": "天气",
    "movie": "电影",
    "tv": "电视剧",
    "hospital": "医院",
    "class": "辅导班",
}
_OTHERS: Mapping[str, Mapping[str, str]] = {
    "attraction": {
        "area": "区域",
        "type": "类型",
        "consumption": "消费",
        "metro_station": "地铁直达",
        "the_most_suitable_people": "适合人群",
    },
    "hotel": {"area": "区域", "hotel_type": "酒店类型", "pricerange": "档次", "room_type": "房型", "star": "rating"},
    "restaurant": {"area": "区域", "cuisine": "菜系", "pricerange": "档次", "metro_station": "地铁直达"},
    "train": {
        "departure": "出发地",
        "destination": "目的地",
        "date": "日期",
        "classification": "车次类型",
        "seat_type": "坐席",
    },
    "flight": {"departure": "出发地", "destination": "目的地", "date": "日期", "class_cabin": "舱位"},
    "weather": {"city": "城市", "date": "日期"},
    "movie": {"decade": "年代", "production_country_or_area": "制片国家", "type": "类型"},
    "tv": {"decade": "年代", "production_country_or_area": "制片国家", "type": "类型"},
    "hospital": {"area": "区域", "level": "等级", "type": "类型"},
    "class": {"area": "区域", "grade": "年级", "subject": "科目", "day": "上课日", "time": "时段", "level": "等级"},
}
# column -> label, by domain
LABELS: Mapping[str, Mapping[str, str]] = {
    **SHOP_COLUMNS,
    **{domain: {column: label for label, column in columns.items()} for domain, columns in _OTHERS.items()},
}
