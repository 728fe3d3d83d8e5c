import { ApiClient, type ApiAnswer, type JsonObject, type RequestOptions } from './api-client';

/** The variable under which an API believes these clients. */
export const BELIEVES_ADDRESSES = { TRUSTED_PROXIES: '127.0.0.1' } as const;

/** A client at an address of its own, as a proxy of the API's would name it. */
export class AddressedClient extends ApiClient {
  constructor(
    url: string,
    private readonly address: string,
  ) {
    super(url);
  }

  override request<Body = JsonObject>(
    method: string,
    path: string,
    body?: unknown,
    options: RequestOptions = {},
  ): Promise<ApiAnswer<Body>> {
    const headers = { ...options.headers, 'x-forwarded-for': this.address };
    return super.request<Body>(method, path, body, { ...options, headers });
  }
}
