// Patterns for texts that people write, wherever we take such texts.

/**
 * No control characters, because such texts get into lists and log lines (A86). No half of a surrogate pair, because it cannot be stored
 * unchanged.
 */
export const printable = /^[^\p{Cc}\p{Cs}\p{Zl}\p{Zp}]+$/u;

/** BCP 47. Where it is used, the length is limited to 35 characters as well. */
export const languageTag = /^[A-Za-z]{2,3}(-[A-Za-z0-9]{1,8}){0,4}$/;
