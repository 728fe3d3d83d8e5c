/** An element with a text; what comes from a message is never read as markup. */
export function make(tag, className, text = '') {
  const made = document.createElement(tag);
  made.className = className;
  made.textContent = text;
  return made;
}
