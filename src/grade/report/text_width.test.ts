import { expect, test } from "vitest";
import { fitted, textWidth } from "./text_width.ts";

test("textWidth() counts columns, not characters", () => {
  expect(textWidth("ada")).toBe(3);
  expect(textWidth("東京")).toBe(4);
  expect(textWidth("ｱ한Ａ")).toBe(5);
  expect(textWidth("e\u0301")).toBe(1);
  expect(textWidth("👩\u200d👩\u200d👧")).toBe(2);
  expect(textWidth("🇫🇷❤\ufe0f✓")).toBe(5);
});

test("fitted() fills up to a width, or cuts between characters", () => {
  expect(fitted("東京", 6)).toBe("東京  ");
  expect(fitted("東京都", 6)).toBe("東京都");
  expect(fitted("東京都庁", 6)).toBe("東京… ");
  expect(fitted("ada lovelace", 6)).toBe("ada l…");
});
