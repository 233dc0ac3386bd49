/**
 * Texts of the page that shows them with less contrast than WCAG 2.2 asks for (4.5 to 1), with the ratio. Runs within the
 * page, so it takes nothing from outside.
 */
export function textsOfLowContrast(): readonly string[] {
  const channels = (color: string) => (color.match(/[\d.]+/g) ?? []).map(Number);
  const luminance = (color: string) => {
    const [red = 0, green = 0, blue = 0] = channels(color).map((channel) => {
      const part = channel / 255;
      return part <= 0.04045 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4;
    });
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue;
  };
  const groundOf = (element: Element): string => {
    const { backgroundColor } = getComputedStyle(element);
    const isClear = channels(backgroundColor)[3] === 0;
    if (!isClear) return backgroundColor;
    return element.parentElement === null ? "rgb(255, 255, 255)" : groundOf(element.parentElement);
  };
  return [...document.querySelectorAll("body *")].flatMap((element) => {
    const own = [...element.childNodes].filter(({ nodeType }) => nodeType === Node.TEXT_NODE);
    const text = own
      .map(({ textContent }) => textContent)
      .join("")
      .trim();
    if (text === "" || !element.checkVisibility()) return [];
    const [one, other] = [getComputedStyle(element).color, groundOf(element)].map(luminance);
    const ratio = (Math.max(one!, other!) + 0.05) / (Math.min(one!, other!) + 0.05);
    return ratio < 4.5 ? [`${text.slice(0, 40)} ${ratio.toFixed(2)}`] : [];
  });
}
