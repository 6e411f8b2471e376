"""Write the small sample of the tests: 60 customers of three habits over 14 months, the same at every run."""

from __future__ import annotations

import csv
import random
from datetime import date, datetime, timedelta
from pathlib import Path

FIRST_DAY, LAST_DAY = date(2025, 1, 1), date(2026, 2, 28)
CATEGORIES = {"grocery": 8.0, "bakery": 4.0, "beauty": 15.0, "garden": 30.0}
# habit: customers, mean days between orders, lines per order, weights of the categories, chance of a discount
HABITS = {
    "frequent": (24, 8, 6, (6, 3, 1, 1), 0.1),
    "bargain": (20, 25, 3, (2, 1, 5, 1), 0.7),
    "occasional": (16, 70, 2, (1, 1, 1, 5), 0.2),
}


def write(name: str, rows: list[dict[str, object]]) -> None:
    """Write rows, all with the same keys, as a csv file."""
    path = Path(__file__).parent.parent / "tests" / "fixtures" / "sample" / f"{name}.csv"
    with path.open("w", newline="", encoding="utf-8") as file:
        writer = csv.DictWriter(file, rows[0].keys(), lineterminator="\n")
        writer.writeheader()
        writer.writerows(rows)


def main() -> None:
    """Draw customers, their orders and lines, and one message a quarter."""
    draw = random.Random(20250101)
    customers, orders, lines, touches = [], [], [], []
    number = 0
    for habit, (count, gap, size, weights, discount_chance) in HABITS.items():
        for _ in range(count):
            number += 1
            who = {"source_system": "shop", "source_record_id": f"C{number:03d}"}
            joined = FIRST_DAY + timedelta(days=draw.randrange(60))
            customers.append(
                who
                | {
                    "gender": draw.choice(["female", "male", ""]),
                    "age_band": draw.choice(["25-34", "35-44", "45-54", ""]),
                    "country_code": "FR",
                    "created_at": f"{joined} 09:00:00",
                }
            )
            day = joined + timedelta(days=draw.randrange(gap))
            while day <= LAST_DAY:
                order_id = f"O{len(orders) + 1:05d}"
                gross = discount = 0.0
                for category in draw.choices(list(CATEGORIES), weights, k=max(1, round(draw.gauss(size, 1.5)))):
                    amount = round(CATEGORIES[category] * draw.uniform(0.7, 1.4), 2)
                    saved = round(amount * 0.25, 2) if draw.random() < discount_chance else 0.0
                    gross, discount = gross + amount, discount + saved
                    lines.append(
                        {
                            "order_line_id": f"L{len(lines) + 1:06d}",
                            "order_id": order_id,
                            "product_id": f"{category}-{draw.randrange(20)}",
                            "category": category,
                            "brand_type": draw.choice(["national", "national", "private"]),
                            "quantity": draw.randrange(1, 4),
                            "line_amount": round(amount - saved, 2),
                            "discount_amount": saved,
                        }
                    )
                orders.append(
                    who
                    | {
                        "order_id": order_id,
                        "ordered_at": datetime(day.year, day.month, day.day, draw.randrange(8, 20)).isoformat(" "),
                        "status": "",
                        "currency": "EUR",
                        "gross_amount": round(gross, 2),
                        "discount_amount": round(discount, 2),
                        "refund_amount": "",
                        "coupon_used": str(discount > 0 and draw.random() < 0.5).lower(),
                    }
                )
                day += timedelta(days=max(1, round(draw.expovariate(1 / gap))))
            for quarter, sent in enumerate(
                (date(2025, 4, 1), date(2025, 7, 1), date(2025, 10, 1), date(2026, 1, 5)), 1
            ):
                answered = draw.random() < (0.3 if habit == "bargain" else 0.05)
                touches.append(
                    who
                    | {
                        "touch_id": f"T{quarter}-{number:03d}",
                        "campaign_id": f"quarter-{quarter}",
                        "sent_at": f"{sent} 08:00:00",
                        "channel": "email",
                        "clicked_at": "",
                        "converted_at": f"{sent + timedelta(days=draw.randrange(1, 9))} 12:00:00" if answered else "",
                        "unsubscribed_at": "",
                    }
                )
    for name, rows in (
        ("customers", customers),
        ("orders", orders),
        ("order_lines", lines),
        ("campaign_touches", touches),
    ):
        write(f"seg_sample_{name}", rows)


if __name__ == "__main__":
    main()
