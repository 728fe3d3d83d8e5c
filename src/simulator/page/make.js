/** Makes an element with a text. The text is never read as markup, because it may come from a message. */
export function make(tag, className, text = '') {
  const made = document.createElement(tag);
  made.className = className;
  made.textContent = text;
  return made;
}
