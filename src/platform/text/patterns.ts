// Patterns for texts that we take in more than one place.

/**
 * No control characters, because such texts get into lists and log lines (A86). No half of a surrogate pair, because it cannot be stored
 * unchanged.
 */
export const printable = /^[^\p{Cc}\p{Cs}\p{Zl}\p{Zp}]+$/u;

/** How many characters a display name may have, as MaxLength of class-validator counts them: a surrogate pair is one. */
export const DISPLAY_NAME_MAX = 100;

/** BCP 47. Where it is used, the length is limited to LANGUAGE_TAG_MAX as well. */
export const LANGUAGE_TAG_MAX = 35;
export const languageTag = /^[A-Za-z]{2,3}(-[A-Za-z0-9]{1,8}){0,4}$/;

/** A version of the terms, in TERMS_VERSION and as apps name it. */
export const termsVersionForm = /^[A-Za-z0-9._-]{1,32}$/;

/** A UUID as PostgreSQL and we write it, of whatever version. */
export const uuidForm = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/;
