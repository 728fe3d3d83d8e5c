// Forms that texts of people have to have, wherever they are taken.

/** No control characters: such texts end up in lists and log lines (A86). No half of a surrogate pair: none can be stored as it came. */
export const printable = /^[^\p{Cc}\p{Cs}\p{Zl}\p{Zp}]+$/u;

/** BCP 47, at most 35 characters beside it. */
export const languageTag = /^[A-Za-z]{2,3}(-[A-Za-z0-9]{1,8}){0,4}$/;
