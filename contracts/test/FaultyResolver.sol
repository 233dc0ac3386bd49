// SPDX-License-Identifier: MIT
pragma solidity 0.8.30;

import {IERC165} from "@openzeppelin/contracts/utils/introspection/IERC165.sol";
import {IERC3668} from "../interfaces/IERC3668.sol";
import {IExtendedResolver} from "../interfaces/IExtendedResolver.sol";
import {IOffchainResolver} from "../interfaces/IOffchainResolver.sol";

/// @title A resolver with one fault: everything else is done by the code of an honest one
/// @dev For tests of `signpost doctor`, which put this code in the place of a deployed OffchainResolver.
contract FaultyResolver is IERC3668 {
    enum Fault {
        ClaimsAddr,
        ClaimsEverything,
        BurnsGas,
        NoFeatures,
        NotExtended,
        NoOwner,
        NoSigners,
        Refuses,
        MalformedLookup,
        NoUrls,
        ForeignSender,
        OtherChain,
        ErrorsAsRecords
    }

    address private immutable _honest;
    Fault private immutable _fault;

    constructor(address honest, Fault fault) {
        _honest = honest;
        _fault = fault;
    }

    fallback(bytes calldata callData) external returns (bytes memory) {
        if (callData.length < 4) return _emptyCall();
        bytes4 selector = bytes4(callData);
        if (selector == IERC165.supportsInterface.selector) {
            bytes4 id = bytes4(callData[4:]);
            if (_fault == Fault.ClaimsEverything) return abi.encode(true);
            if (_fault == Fault.ClaimsAddr && id == 0x3b3b57de) return abi.encode(true);
            if (_fault == Fault.NoFeatures && id == 0x582de3e7) return abi.encode(false);
            if (_fault == Fault.NotExtended && id == 0x9061b923) return abi.encode(false);
        }
        if (_fault == Fault.NoOwner && selector == 0x8da5cb5b) return abi.encode(address(0));
        if (_fault == Fault.NoSigners && selector == IOffchainResolver.signers.selector) {
            return abi.encode(new address[](0));
        }
        (bool returned, bytes memory data) = _honest.delegatecall(callData);
        if (returned) return data;
        if (selector == IExtendedResolver.resolve.selector) data = _bend(data);
        if (
            _fault == Fault.ErrorsAsRecords &&
            selector == IOffchainResolver.resolveWithProof.selector
        ) return abi.encode(data);
        _revertWith(data);
    }

    function _emptyCall() private view returns (bytes memory) {
        if (_fault == Fault.BurnsGas) {
            assembly {
                invalid()
            }
        }
        revert();
    }

    /// @dev `lookup` is an encoded OffchainLookup.
    function _bend(bytes memory lookup) private view returns (bytes memory) {
        if (_fault == Fault.Refuses) return abi.encodeWithSignature("Error(string)", "closed");
        if (_fault == Fault.MalformedLookup) {
            assembly {
                mstore(lookup, 100)
            }
            return lookup;
        }
        (
            address sender,
            string[] memory urls,
            bytes memory callData,
            bytes4 callback,
            bytes memory extraData
        ) = abi.decode(_argumentsOf(lookup), (address, string[], bytes, bytes4, bytes));
        if (_fault == Fault.NoUrls) urls = new string[](0);
        if (_fault == Fault.ForeignSender) sender = address(1);
        if (_fault == Fault.OtherChain) {
            callData[callData.length - 1] ^= 0x01;
            extraData[extraData.length - 1] ^= 0x01;
        }
        return
            abi.encodeWithSelector(
                OffchainLookup.selector,
                sender,
                urls,
                callData,
                callback,
                extraData
            );
    }

    function _argumentsOf(bytes memory error) private pure returns (bytes memory arguments) {
        arguments = new bytes(error.length - 4);
        for (uint256 i = 0; i < arguments.length; ++i) arguments[i] = error[i + 4];
    }

    function _revertWith(bytes memory errorData) private pure {
        assembly ("memory-safe") {
            revert(add(errorData, 32), mload(errorData))
        }
    }
}
