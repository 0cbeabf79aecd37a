// The main journey through a client that was generated from the OpenAPI document: what compiles here is what the server does.
import createClient, { type Middleware } from "openapi-fetch";
import type { components, paths } from "./schema.js";

type Problem = components["schemas"]["Problem"];

const [step = "", email = "", password = "", token = ""] = process.argv.slice(2);
const api = createClient<paths>({ baseUrl: process.env.FAMMO_URL });

function must<T>(answer: { data?: T; error?: unknown; response: Response }, status: number): T {
  if (answer.response.status !== status) {
    throw new Error(`${answer.response.url}: ${answer.response.status}, not ${status}: ${JSON.stringify(answer.error)}`);
  }
  return answer.data as T;
}

/** Lists come bare unless pages are asked for. */
function whole<T>(list: T[] | { results: T[] }): T[] {
  return Array.isArray(list) ? list : list.results;
}

async function signUp(): Promise<void> {
  const body = { email, password, password_confirm: password };
  const answer = must(await api.POST("/api/v1/auth/signup/", { body }), 201);
  console.log(JSON.stringify({ user: answer.user.id }));
}

async function live(): Promise<void> {
  must(await api.POST("/api/v1/auth/activate/", { body: { token } }), 200);
  const login = must(await api.POST("/api/v1/auth/token/", { body: { email, password } }), 200);
  const bearer: Middleware = {
    onRequest({ request }) {
      request.headers.set("Authorization", `Bearer ${login.access}`);
      return request;
    },
  };
  api.use(bearer);

  const me = must(await api.GET("/api/v1/me/"), 200);
  const types = whole(must(await api.GET("/api/v1/pet-types/", { headers: { "Accept-Language": "fi" } }), 200));
  const dog = types.find((type) => type.name_en === "Dog");
  if (!dog) throw new Error("there are no dogs");
  const breeds = whole(must(await api.GET("/api/v1/breeds/", { params: { query: { pet_type: dog.id, page: 1, page_size: 5 } } }), 200));

  const header = { "Idempotency-Key": crypto.randomUUID() };
  const wish = { name: "Halla", pet_type: dog.id, breed: breeds[0]?.id, weight: 21.5 };
  const pet = must(await api.POST("/api/v1/pets/", { body: wish, params: { header } }), 201);
  const again = must(await api.POST("/api/v1/pets/", { body: wish, params: { header } }), 201);
  const path = { pet_id: pet.id };
  const changed = must(await api.PATCH("/api/v1/pets/{pet_id}/", { params: { path }, body: { name: "Halla II" } }), 200);
  const pets = whole(must(await api.GET("/api/v1/pets/", {}), 200));

  const query = { city: "Helsinki" };
  const nearby = must(await api.GET("/api/v1/clinics/search/", { params: { query } }), 200);
  const documents = whole(must(await api.GET("/api/v1/legal/documents/", {}), 200));

  must(await api.DELETE("/api/v1/pets/{pet_id}/", { params: { path } }), 204);
  const gone = await api.GET("/api/v1/pets/{pet_id}/", { params: { path } });
  const problem = gone.error as Problem | undefined;
  must(await api.POST("/api/v1/auth/logout-all/", {}), 200);
  const after = await api.GET("/api/v1/me/");

  console.log(
    JSON.stringify({
      email: me.user.email,
      onlyOnce: pet.id === again.id,
      name: changed.name,
      pets: pets.length,
      clinics: nearby.count > 0,
      documents: documents.length > 0,
      gone: [problem?.status, problem?.code],
      after: after.response.status,
    }),
  );
}

await (step === "signup" ? signUp() : live());
