import { Equals } from 'class-validator';

/** Nothing, or {}. */
export class EmptyRequest {
  // A class without any rule would be refused whatever was sent; there is no such field.
  @Equals(undefined)
  nothing?: undefined;
}
