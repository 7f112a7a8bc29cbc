// Keeps a choice for this browser: a page's Python cannot set a cookie. Takes {name, value, age};
// the cookie's name ends with our port, for the servers of one machine share their cookies.

export default function ({ data }) {
  if (!data.value) return;
  const kept = `${data.name}${location.port}=${encodeURIComponent(data.value)}`;
  if (document.cookie.split("; ").includes(kept)) return;
  document.cookie = `${kept}; path=/; max-age=${data.age}; samesite=strict`;
}
