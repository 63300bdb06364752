#include "audio/soxr_resampler.h"

#include <cassert>
#include <cmath>

#include <soxr.h>

namespace wm {
namespace {

soxr_quality_spec_t quality_spec(Resampler::Quality quality) {
    if (quality == Resampler::Quality::kFull) {
        soxr_quality_spec_t spec = soxr_quality_spec(SOXR_VHQ, 0);
        spec.passband_end = 0.94;
        spec.stopband_begin = 1;
        return spec;
    }
    soxr_quality_spec_t spec = soxr_quality_spec(quality == Resampler::Quality::kHigh ? SOXR_20_BITQ : SOXR_16_BITQ, 0);
    spec.passband_end = 0.8; // of the lower rate's Nyquist frequency
    spec.stopband_begin = 1.2;
    return spec;
}

/// soxr takes its delay out by itself, but rounds the number of samples and needs silence pushed after the end to give them.
class SoxrResampler : public Resampler {
public:
    SoxrResampler(double input_rate_hz, double output_rate_hz, int num_channels, Quality quality)
        : input_rate_hz_(input_rate_hz), output_rate_hz_(output_rate_hz),
          num_channels_(static_cast<std::size_t>(num_channels)) {
        const soxr_io_spec_t io = soxr_io_spec(SOXR_FLOAT32_S, SOXR_FLOAT32_S);
        const soxr_quality_spec_t spec = quality_spec(quality);
        soxr_.reset(soxr_create(input_rate_hz, output_rate_hz, static_cast<unsigned>(num_channels), nullptr, &io, &spec,
                                nullptr));
        assert(soxr_ != nullptr && soxr_error(soxr_.get()) == nullptr);
    }

    void push(const float* const* input, std::size_t num_samples, PlanarQueue& output) override {
        num_inputs_ += num_samples;
        feed(input, num_samples, output, SIZE_MAX);
    }

    void finish(PlanarQueue& output) override {
        const auto wanted =
            static_cast<std::size_t>(std::ceil(static_cast<double>(num_inputs_) * output_rate_hz_ / input_rate_hz_));
        const std::vector<float> silence(kPieceSamples, 0.0F);
        const std::vector<const float*> silent_channels(num_channels_, silence.data());
        while (num_outputs_ < wanted && !failed_) {
            feed(silent_channels.data(), silence.size(), output, wanted - num_outputs_);
        }
        output.append_zeros(wanted - num_outputs_); // nothing, unless soxr failed
    }

private:
    static constexpr std::size_t kPieceSamples = 4096;

    struct Delete {
        void operator()(soxr_t soxr) const { soxr_delete(soxr); }
    };

    /// Pushes everything, and keeps at most `limit` of the samples that come out.
    void feed(const float* const* input, std::size_t num_samples, PlanarQueue& output, std::size_t limit) {
        std::vector<const float*> from(input, input + num_channels_);
        std::size_t num_ready = kPieceSamples;
        while (num_samples > 0 || num_ready == kPieceSamples) {
            const std::size_t num_before = output.size();
            float* const* room = output.grow(kPieceSamples);
            std::vector<float*> to(room, room + num_channels_);
            std::size_t num_taken = 0;
            if (soxr_process(soxr_.get(), from.data(), num_samples, &num_taken, to.data(), kPieceSamples, &num_ready) !=
                nullptr) {
                output.truncate(num_before);
                failed_ = true; // out of memory
                return;
            }
            const std::size_t num_kept = num_ready < limit ? num_ready : limit;
            output.truncate(num_before + num_kept);
            for (const float*& channel : from) {
                channel += num_taken;
            }
            num_samples -= num_taken;
            num_outputs_ += num_kept;
            limit -= num_kept;
        }
    }

    double input_rate_hz_;
    double output_rate_hz_;
    std::size_t num_channels_;
    std::unique_ptr<soxr, Delete> soxr_;
    std::size_t num_inputs_ = 0;
    std::size_t num_outputs_ = 0;
    bool failed_ = false;
};

} // namespace

std::unique_ptr<Resampler> create_soxr_resampler(double input_rate_hz, double output_rate_hz, int num_channels,
                                                 Resampler::Quality quality) {
    return std::make_unique<SoxrResampler>(input_rate_hz, output_rate_hz, num_channels, quality);
}

} // namespace wm
