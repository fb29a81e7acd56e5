#pragma once
// Quantiles and probabilities of the distributions behind intervals and tests (Boost.Math computes them).
// Degrees of freedom are positive and need not be whole. No state: callable from any thread.
namespace regard::evaluation {

[[nodiscard]] double student_t_quantile(double probability, double degrees);
// Returns P(|T| >= |t|).
[[nodiscard]] double student_t_two_sided_p(double t, double degrees);
// Returns the degrees of freedom at which student_t_quantile(probability, .) is `quantile`, found in [low, high].
[[nodiscard]] double student_t_degrees(double probability, double quantile, double low, double high);
[[nodiscard]] double chi_squared_quantile(double probability, double degrees);
// P(|T| >= critical) where T has Student's t distribution shifted by `shift` (the non-central t): the power of a
// test.
[[nodiscard]] double student_t_power(double shift, double degrees, double critical);

}  // namespace regard::evaluation
