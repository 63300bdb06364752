#pragma once

/// libav, loaded when the first file needs it: its libraries pull in a hundred others, which would cost every run of a program
/// 30 ms of CPU time, and most recordings do without.

#include <memory>

extern "C" {
#include <libavcodec/avcodec.h>
#include <libavformat/avformat.h>
#include <libavutil/channel_layout.h>
#include <libavutil/log.h>
}

#include "wm/result.h"

namespace wm {

#define WM_LIBAV_FUNCTIONS(X)                                                                                          \
    X(av_channel_layout_copy)                                                                                          \
    X(av_channel_layout_default)                                                                                       \
    X(av_dict_free)                                                                                                    \
    X(av_dict_get)                                                                                                     \
    X(av_dict_set)                                                                                                     \
    X(av_find_best_stream)                                                                                             \
    X(av_frame_alloc)                                                                                                  \
    X(av_frame_free)                                                                                                   \
    X(av_frame_get_buffer)                                                                                             \
    X(av_frame_unref)                                                                                                  \
    X(av_freep)                                                                                                        \
    X(av_get_bytes_per_sample)                                                                                         \
    X(av_get_packed_sample_fmt)                                                                                        \
    X(av_log_set_level)                                                                                                \
    X(av_malloc)                                                                                                       \
    X(av_packet_alloc)                                                                                                 \
    X(av_packet_free)                                                                                                  \
    X(av_packet_unref)                                                                                                 \
    X(av_read_frame)                                                                                                   \
    X(av_sample_fmt_is_planar)                                                                                         \
    X(av_strerror)                                                                                                     \
    X(avcodec_alloc_context3)                                                                                          \
    X(avcodec_descriptor_get)                                                                                          \
    X(avcodec_find_decoder_by_name)                                                                                    \
    X(avcodec_find_encoder_by_name)                                                                                    \
    X(avcodec_free_context)                                                                                            \
    X(avcodec_open2)                                                                                                   \
    X(avcodec_parameters_alloc)                                                                                        \
    X(avcodec_parameters_free)                                                                                         \
    X(avcodec_parameters_from_context)                                                                                 \
    X(avcodec_parameters_to_context)                                                                                   \
    X(avcodec_receive_frame)                                                                                           \
    X(avcodec_receive_packet)                                                                                          \
    X(avcodec_send_frame)                                                                                              \
    X(avcodec_send_packet)                                                                                             \
    X(avformat_alloc_context)                                                                                          \
    X(avformat_close_input)                                                                                            \
    X(avformat_find_stream_info)                                                                                       \
    X(avformat_open_input)                                                                                             \
    X(avio_alloc_context)                                                                                              \
    X(avio_context_free)

/// The functions of libav that libwm calls, by their own names.
struct LibavApi {
#define WM_DECLARE(name) decltype(&::name) name = nullptr;
    WM_LIBAV_FUNCTIONS(WM_DECLARE)
#undef WM_DECLARE
};

/// Loads the libav that libwm was built for, once; it stays.
/// errors   kUnsupported: it is not installed, or another version; the message is the loader's
/// threads  safe
Result<void> load_libav();

/// Only after load_libav() succeeded.
const LibavApi& libav();

struct FreeLibav {
    void operator()(AVCodecContext* codec) const { libav().avcodec_free_context(&codec); }
    void operator()(AVFrame* frame) const { libav().av_frame_free(&frame); }
    void operator()(AVPacket* packet) const { libav().av_packet_free(&packet); }
};
using LibavCodec = std::unique_ptr<AVCodecContext, FreeLibav>;
using LibavFrame = std::unique_ptr<AVFrame, FreeLibav>;
using LibavPacket = std::unique_ptr<AVPacket, FreeLibav>;

} // namespace wm
