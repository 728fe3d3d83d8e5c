// A number as it is written in its country, with the country beside it. A number typed or pasted with its + chooses the country.
// It is formatted only while the person types at its end: whoever corrects something in the middle keeps the cursor there.
import {
  AsYouType,
  type CountryCode,
  getCountries,
  getCountryCallingCode,
  type MetadataJson,
  parsePhoneNumberFromString,
} from 'libphonenumber-js/core';
import { type ChangeEvent, useId, useMemo, useState } from 'react';
import { useApp } from '../state/context.ts';

export interface Phone {
  readonly country: CountryCode;
  readonly text: string;
}

/** What is sent: E.164 where the number can be read, else the digits with the country's code, for the server to judge. */
function numberOf({ country, text }: Phone, plans: MetadataJson): string {
  const parsed = parsePhoneNumberFromString(text, country, plans);
  if (parsed !== undefined) return parsed.number;
  const digits = text.replace(/\D/g, '');
  return text.trim().startsWith('+') ? `+${digits}` : `+${getCountryCallingCode(country, plans)}${digits}`;
}

interface PhoneState {
  readonly phone: Phone;
  readonly setPhone: (phone: Phone) => void;
  /** What is sent. */
  readonly number: string;
}

/** Empty at first, in the country of the browser, or the first that is served. */
export function usePhone(): PhoneState {
  const { settings, plans } = useApp();
  const [phone, setPhone] = useState<Phone>(() => ({ country: homeCountry(settings.countries, plans), text: '' }));
  return { phone, setPhone, number: numberOf(phone, plans) };
}

function homeCountry(served: readonly string[] | null, plans: MetadataJson): CountryCode {
  const known = getCountries(plans);
  const isServed = (code: string | undefined): code is CountryCode =>
    known.includes(code as CountryCode) && (served === null || served.includes(code ?? ''));
  const regions = navigator.languages.map((tag) => new Intl.Locale(tag).maximize().region);
  return regions.find(isServed) ?? served?.find(isServed) ?? 'US';
}

interface PhoneFieldProps {
  readonly label: string;
  readonly phone: Phone;
  readonly onPhone: (phone: Phone) => void;
  readonly complaint?: string | undefined;
  readonly autoComplete?: string;
}

export function PhoneField({ label, phone, onPhone, complaint, autoComplete = 'tel' }: PhoneFieldProps) {
  const id = useId();
  const { plans } = useApp();
  const type = (event: ChangeEvent<HTMLInputElement>) => {
    const { value, selectionStart } = event.target;
    const atEnd = selectionStart === null || selectionStart === value.length;
    onPhone(
      atEnd && value.length > phone.text.length ? formatted(value, phone.country, plans) : { ...phone, text: value },
    );
  };
  return (
    <div className="field">
      <label htmlFor={id}>{label}</label>
      <div className="beside phone" dir="ltr">
        <CountryPicker country={phone.country} onCountry={(country) => onPhone({ ...phone, country })} />
        <input
          id={id}
          type="tel"
          inputMode="tel"
          autoComplete={autoComplete}
          required
          maxLength={32}
          value={phone.text}
          onChange={type}
          aria-invalid={complaint ? true : undefined}
          aria-describedby={complaint ? `${id}-complaint` : undefined}
        />
      </div>
      {complaint && (
        <p id={`${id}-complaint`} className="complaint">
          {complaint}
        </p>
      )}
    </div>
  );
}

function formatted(value: string, country: CountryCode, plans: MetadataJson): Phone {
  const formatter = new AsYouType(country, plans);
  const text = formatter.input(value);
  const found = value.trim().startsWith('+') ? formatter.getCountry() : undefined;
  return { country: found ?? country, text };
}

interface PickerProps {
  readonly country: CountryCode;
  readonly onCountry: (country: CountryCode) => void;
}

function CountryPicker({ country, onCountry }: PickerProps) {
  const { t, language, settings, plans } = useApp();
  const { countries: served } = settings;
  const countries = useMemo(() => namedCountries(language, served, plans), [language, served, plans]);
  return (
    <span className="country">
      <span aria-hidden="true">+{getCountryCallingCode(country, plans)}</span>
      <select
        aria-label={t('phone.country')}
        value={country}
        onChange={({ target }) => onCountry(target.value as CountryCode)}
      >
        {countries.map(({ code, name }) => (
          <option key={code} value={code}>
            {name} (+{getCountryCallingCode(code, plans)})
          </option>
        ))}
      </select>
    </span>
  );
}

function namedCountries(language: string, served: readonly string[] | null, plans: MetadataJson) {
  const names = new Intl.DisplayNames(language, { type: 'region' });
  return getCountries(plans)
    .filter((code) => served === null || served.includes(code))
    .map((code) => ({ code, name: names.of(code) ?? code }))
    .sort((a, b) => a.name.localeCompare(b.name, language));
}
